/** The answer to a Flux query, CSV with one header for each table, as rows by column. */

import { QueryError, ShapeError } from './answer-errors.ts';
import type { Library } from './library.ts';

type Row = Readonly<Record<string, string>>;

/**
 * Reads the CSV with the package's own splitter. A query that fails late sends its error as a table inside a good
 * answer: that is thrown as a QueryError with the server's words.
 */
export function readFluxRows(client: Library['client'], answer: unknown): readonly Row[] {
  if (typeof answer !== 'string') throw new ShapeError('the answer to a query is not text');
  const rows: Row[] = [];
  const splitter = new client.LineSplitter();
  let header: readonly string[] | undefined;
  const readLine = (line: string): void => {
    if (line === '') {
      header = undefined;
      return;
    }
    const values = splitter.splitLine(line);
    if (header === undefined) {
      header = values;
      if (!values.includes('result') && !values.includes('error')) {
        throw new ShapeError('the answer to a query is not a table');
      }
      return;
    }
    const columns = header;
    const row = Object.fromEntries(
      values.map((value, index) => [columns[index] ?? '', value]).filter(([column]) => column !== ''),
    ) as Row;
    if (row.error !== undefined && row.result === undefined) throw new QueryError(row.error);
    rows.push(row);
  };
  client.stringToLines(answer, { next: readLine, error: () => {}, complete: () => {} });
  return rows;
}
