/** The two calls a stand-in makes to InfluxDB 2: write points, and count its own. */

import { Agent, request } from 'node:http';

export type InfluxSettings = {
  readonly url: string;
  readonly org: string;
  readonly bucket: string;
  readonly token: string;
};

export type InfluxClient = {
  /** Line protocol. Throws an Error with the status and what the server said. */
  readonly write: (lines: string) => Promise<void>;
  /** Points of the last five minutes with this measurement and service. Throws like `write`. */
  readonly count: (measurement: string, service: string) => Promise<number>;
};

const timeoutMs = 10_000;
const answerLimitBytes = 256 * 1024;

export function createInfluxClient(settings: InfluxSettings): InfluxClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  function post(path: string, contentType: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const call = request(
        new URL(path, settings.url),
        {
          method: 'POST',
          agent,
          timeout: timeoutMs,
          headers: { authorization: `Token ${settings.token}`, 'content-type': contentType },
        },
        response => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            if (text.length < answerLimitBytes) text += chunk;
          });
          response.on('error', reject);
          response.on('end', () => {
            if ((response.statusCode ?? 0) < 300) {
              resolve(text);
            } else {
              reject(new Error(`InfluxDB answered ${response.statusCode}: ${text.trim()}`));
            }
          });
        },
      );
      call.on('timeout', () => call.destroy(new Error(`InfluxDB did not answer within ${timeoutMs} ms`)));
      call.on('error', reject);
      call.end(body);
    });
  }

  const org = encodeURIComponent(settings.org);
  return {
    write: async lines => {
      const bucket = encodeURIComponent(settings.bucket);
      await post(`/api/v2/write?org=${org}&bucket=${bucket}&precision=ms`, 'text/plain', lines);
    },
    count: async (measurement, service) => {
      const flux = [
        `from(bucket: ${JSON.stringify(settings.bucket)})`,
        'range(start: -5m)',
        `filter(fn: (r) => r._measurement == "${measurement}" and r.service == "${service}")`,
        'group()',
        'count()',
        'keep(columns: ["_value"])',
      ].join(' |> ');
      const csv = await post(
        `/api/v2/query?org=${org}`,
        'application/json',
        JSON.stringify({ query: flux, type: 'flux', dialect: { header: false, annotations: [] } }),
      );
      // Columns: annotation, result, table, _value.
      return Number(csv.split('\r\n')[0]?.split(',')[3] ?? 0);
    },
  };
}

/** Escapes the value of a tag for line protocol; it must not hold a line end. */
export const escapeTag = (value: string): string => value.replaceAll(/[,= ]/g, '\\$&');
