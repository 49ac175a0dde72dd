/** Keys whose value follows from another key and cannot be had from Compose's own interpolation. */

/**
 * `HA_WS_URL`, the WebSocket address of the Home Assistant at `HA_HTTP_URL`; empty while there is none, or when it is
 * no http(s) address. Home Assistant serves it under its base address, always at the same path.
 */
export function deriveKeys(values: Readonly<Record<string, string>>): Readonly<Record<'HA_WS_URL', string>> {
  const match = /^http(?<secure>s?):\/\/(?<rest>[^\s?#]+?)\/*$/i.exec((values.HA_HTTP_URL ?? '').trim());
  if (match?.groups === undefined) return { HA_WS_URL: '' };
  return { HA_WS_URL: `ws${match.groups.secure?.toLowerCase()}://${match.groups.rest}/api/websocket` };
}
