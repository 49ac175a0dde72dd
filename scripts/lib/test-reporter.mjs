/** A reporter for node:test that writes one JSON object a line, for run-tests.ts to read. */

// biome-ignore lint/style/noDefaultExport: node:test takes the default export
export default async function* report(events) {
  for await (const { type, data } of events) {
    if ((type === 'test:pass' || type === 'test:fail') && data.details.type !== 'suite') {
      const { message, stack, cause } = data.details.error ?? {};
      yield line({
        kind: outcome(type, data),
        name: data.name,
        file: data.file,
        reason: reason(data),
        error: cause?.stack ?? cause?.message ?? (cause ? String(cause) : (stack ?? message)),
        ms: data.details.duration_ms,
      });
    } else if (type === 'test:diagnostic' && data.file !== undefined && !counts.test(data.message)) {
      yield line({ kind: 'noted', name: data.message, file: data.file });
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      yield line({ kind: 'output', file: data.file, text: data.message });
    }
  }
}

/** Node's own words at the end of each file. */
const counts = /^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

const line = record => `${JSON.stringify(record)}\n`;

// A test of something that is still to be done is no success, so it counts as skipped.
function outcome(type, data) {
  if (data.skip !== undefined || data.todo !== undefined) return 'skipped';
  return type === 'test:pass' ? 'passed' : 'failed';
}

function reason({ skip, todo }) {
  const given = skip ?? todo;
  return typeof given === 'string' && given !== '' ? given : undefined;
}
