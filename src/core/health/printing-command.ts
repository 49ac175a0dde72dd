/** From a health command, which only says yes or no, to one that prints what the health path answers. */

const timeoutSeconds = 3;

/** Standard library only, and as old as the images may be: the answer, then its status on a line of its own. */
const pythonProgram = (url: string): string =>
  [
    'import urllib.request as request, urllib.error as error',
    'try:',
    `    answer = request.urlopen(${JSON.stringify(url)}, timeout=${timeoutSeconds})`,
    'except error.HTTPError as refused:',
    '    answer = refused',
    'print(answer.read(65536).decode("utf-8", "replace"))',
    'print(answer.getcode())',
  ].join('\n');

/**
 * `words` are those of a container's own healthcheck: the tool that it uses is in the image, and the address is the
 * service's. Undefined when there is neither curl nor python in them, or no address. (wget does not tell the status.)
 */
export function printingCommand(words: readonly string[]): readonly string[] | undefined {
  const text = words.join(' ');
  const url = /https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[^\s"'`;|&)]*/.exec(text)?.[0];
  if (url === undefined) return undefined;
  if (/(^|[\s/])curl(\s|$)/.test(text)) {
    return ['curl', '-sS', '-m', String(timeoutSeconds), '-w', '\n%{http_code}\n', url];
  }
  const python = /(?:^|[\s/])(python[\d.]*)(?=\s|$)/.exec(text)?.[1];
  return python === undefined ? undefined : [python, '-c', pythonProgram(url)];
}
