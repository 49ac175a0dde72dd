/** The configuration of InfluxDB's own command line, `influx-configs`: TOML with one table for each server it knows. */

export type InfluxConfig = {
  readonly name: string;
  /** A secret. */
  readonly token: string;
  readonly isActive: boolean;
};

/** A TOML string on one line, in single quotes (literal) or double ones (with escapes as in JSON). */
function readString(text: string): string | undefined {
  const literal = /^'([^']*)'/.exec(text)?.[1];
  if (literal !== undefined) return literal;
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0];
  if (quoted === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Those with a token; the active one first. What cannot be read is skipped. */
export function parseInfluxConfigs(text: string): readonly InfluxConfig[] {
  const configs: { name: string; token?: string; isActive: boolean }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const name = /^\s*\[\s*"?([^\]"]+?)"?\s*\]/.exec(line)?.[1];
    if (name !== undefined) configs.push({ name, isActive: false });
    const setting = /^\s*(token|active)\s*=\s*(.*)$/.exec(line);
    const last = configs.at(-1);
    if (setting === null || last === undefined) continue;
    const [, key, value = ''] = setting;
    const token = key === 'token' ? readString(value) : undefined;
    if (token !== undefined) last.token = token;
    if (key === 'active') last.isActive = value.trim().startsWith('true');
  }
  return configs
    .flatMap(({ name, token, isActive }) =>
      token === undefined || token === '' ? [] : [{ name, token, isActive }],
    )
    .toSorted((a, b) => Number(b.isActive) - Number(a.isActive));
}
