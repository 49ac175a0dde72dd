/** The steps of an image's build, from the lines that its builder prints. */

/** The classic builder: `Step 3/9 : RUN make`. */
const classic = /^Step (\d+)\/(\d+) : (.*)$/;
/** BuildKit, plain: `#7 [3/9] RUN make`, with the name of its stage or service: `#7 [api stage-1 3/9] RUN make`. */
const buildKit = /^(?:#\d+ )?\[(?:[^\]]* )?(\d+)\/(\d+)\] (.*)$/;

/** `step 3 of 9: RUN make`; undefined for a line that begins no step. */
export function describeBuildStep(line: string): string | undefined {
  const found = classic.exec(line) ?? buildKit.exec(line);
  if (found === null) return undefined;
  const [, step, steps, text = ''] = found;
  return `step ${step} of ${steps}: ${text.trim()}`;
}
