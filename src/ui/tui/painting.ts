type Environment = Readonly<Record<string, string | undefined>>;

/** False where no colour and no bold may be written. The launcher says `NO_COLOR` to the colour library as `FORCE_COLOR=0`. */
export const hasStyles = ({ NO_COLOR, FORCE_COLOR, TERM }: Environment): boolean =>
  !NO_COLOR && FORCE_COLOR !== '0' && TERM !== 'dumb';

/** Undefined: Ink draws. A screen reader wants whole lines, which Ink gives it. */
export const choosePainting = (environment: Environment): { readonly hasStyles: boolean } | undefined =>
  environment.INK_SCREEN_READER === 'true' ? undefined : { hasStyles: hasStyles(environment) };
