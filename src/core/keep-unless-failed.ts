/** Something that takes a while to be made, and is made once. */
export type Kept<Given extends readonly unknown[], Value> = {
  /** Makes it at the first call, with what that call gives; what failed is made again at the next. */
  readonly get: (...given: Given) => Promise<Value>;
  /** It is made again at the next `get`. */
  readonly forget: () => void;
};

export function keepUnlessFailed<Given extends readonly unknown[], Value>(
  make: (...given: Given) => Promise<Value>,
): Kept<Given, Value> {
  let kept: Promise<Value> | undefined;
  const forget = (): void => {
    kept = undefined;
  };
  return {
    get: (...given) => {
      kept ??= make(...given).catch(thrown => {
        forget();
        throw thrown;
      });
      return kept;
    },
    forget,
  };
}
