/**
 * `Intl.Segmenter`, which reads its tables when the first text is cut instead of when the program starts: 2.6 MB and a
 * tenth of the time to the first frame, and most screens have no text that it is needed for.
 */

const { Segmenter } = Intl;

export class LateSegmenter {
  #choices;
  #segmenter;

  /** @param {ConstructorParameters<typeof Intl.Segmenter>} choices */
  constructor(...choices) {
    this.#choices = choices;
  }

  /** @param {string} text */
  segment(text) {
    this.#segmenter ??= new Segmenter(...this.#choices);
    return this.#segmenter.segment(text);
  }
}
