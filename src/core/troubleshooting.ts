/** Which heading of docs/troubleshooting.md is about a message. The headings are the messages; `…` is what differs. */

/** Longer ones first where one is the beginning of another. */
export const troubleshootingHeadings: readonly string[] = [
  'The Docker Engine is not running',
  'Your account (…) may not use Docker',
  'Docker is not installed on this machine',
  'Docker Compose is not installed',
  'Docker Compose is too old',
  'Docker Engine … is too old',
  'The Docker Engine did not answer within …',
  "Docker Compose did not get through the deployment's files within …",
  "Compose cannot use the deployment's files: …",
  'There is no deployment in …',
  '… holds a … deployment.',
  'No permission: …',
  '… is a symbolic link, and homeiq neither follows nor replaces it',
  'The disk is full',
  '… is damaged',
  '… is … large, too large to be read (…',
  '… was written by a newer homeiq',
  '… is not UTF-8 text',
  '….env was changed after the plan was made.',
  'There is nothing to undo: no earlier settings are kept.',
  'Another run (…) is at work in this folder.',
  'The worker ended before it began its run',
  'Line … of … cannot be read: …',
  'homeiq alone needs a terminal, and this is none.',
  'Window too small.',
  'It does not fit: …',
  'Port … of … is used by …',
  '… of the images cannot be had: …',
  '… could not be built',
  'InfluxDB did not answer at …',
  'Found … at …',
  'The operator token of InfluxDB is missing in .homeiq/secrets.',
  'InfluxDB does not take this password for the user …',
  'Home Assistant did not answer at …',
  'Home Assistant at …',
  '… is unhealthy',
  'killed for memory',
  '… runs in another mode than …, and the two never run together.',
  'The stack does not keep the modes apart.',
  '.env is …, and this deployment is in … mode',
];

/** Each part in its order, at the start and at the end where no `…` stands there. */
function fits(heading: string, message: string): boolean {
  const parts = heading.split('…');
  const [first = '', ...rest] = parts;
  if (!message.startsWith(first)) return false;
  let position = first.length;
  for (const part of rest) {
    const found = message.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return true;
}

/** Undefined for a message that the document does not know. */
export const findTroubleshooting = (message: string): string | undefined =>
  troubleshootingHeadings.find(heading => fits(heading, message));
