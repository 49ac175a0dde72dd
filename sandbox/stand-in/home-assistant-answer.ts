/** An answer over HTTP; a text is sent as it is, everything else as JSON. */
export type Answer = { readonly status: number; readonly body: unknown };
export type Body = Readonly<Record<string, unknown>>;

export const message = (status: number, text: string): Answer => ({ status, body: { message: text } });
