/** What may be wrong with an answer that did come. Thrown inside a call, and told as ExternalError at its edge. */

/** The answer is not what InfluxDB 2 would say: a proxy, a portal, another program. */
export class ShapeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ShapeError';
  }
}

/** The query failed after its answer had begun. */
export class QueryError extends Error {
  constructor(said: string) {
    super(said);
    this.name = 'QueryError';
  }
}
