/** The tables that `influxd recovery` prints: columns with tabs between them, log lines perhaps among the rows. */

const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split(/\r?\n/)
    .filter(line => /^[0-9a-f]{16}\t/.test(line))
    .map(line => line.split(/\t+/).map(cell => cell.trim()));

/** Names from `recovery user list` or `recovery org list`. */
export const parseRecoveryNames = (text: string): readonly string[] =>
  rowsOf(text).flatMap(([, name]) => (name === undefined || name === '' ? [] : [name]));

/**
 * The new token in what `recovery auth create-operator` printed: it lists every authorization, and with tokens that are
 * not hashed the values of all. Ids count upwards, so the new one has the highest.
 */
export function parseRecoveryToken(
  text: string,
  username: string,
): { readonly id: string; readonly token: string } | undefined {
  const made = rowsOf(text).flatMap(cells => {
    const [id = ''] = cells;
    const token = cells.find(cell => /^[A-Za-z0-9_-]{86}==$/.test(cell));
    return cells.includes(`${username}'s Recovery Token`) && token !== undefined ? [{ id, token }] : [];
  });
  return made.toSorted((a, b) => (a.id < b.id ? -1 : 1)).at(-1);
}
