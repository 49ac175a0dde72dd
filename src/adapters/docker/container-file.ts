/** One small file out of a container, by the engine's archive call: no shell or tool is needed inside. */

import { ExternalError } from '../../core/error.ts';
import type { EngineHttp } from './engine-http.ts';

const blockBytes = 512;
const longestFileBytes = 256 * 1024;

async function readAll(chunks: AsyncIterable<Uint8Array>, path: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > longestFileBytes) {
      throw new ExternalError(`${path} in the container is longer than such a file is`, {
        command: 'GET /containers/ID/archive',
      });
    }
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

/** The first file of a tar archive as text; undefined when its first entry is no plain file. */
export function readFirstFile(tar: Buffer): string | undefined {
  if (tar.length < blockBytes) return undefined;
  const field = (from: number, to: number): string =>
    tar
      .subarray(from, to)
      .toString('latin1')
      .replace(/[\0 ]+$/, '');
  const type = field(156, 157);
  // `0` or nothing: a plain file. Its size is in octal digits.
  if (type !== '0' && type !== '') return undefined;
  const size = Number.parseInt(field(124, 136), 8);
  if (!Number.isInteger(size) || blockBytes + size > tar.length) return undefined;
  return tar.subarray(blockBytes, blockBytes + size).toString('utf8');
}

/** Works on a stopped container too. The text may hold secrets: it is in no error. */
export async function readContainerFile(
  http: EngineHttp,
  containerId: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const archive = await http.stream(`/containers/${containerId}/archive?path=${encodeURIComponent(path)}`, {
      signal,
    });
    return readFirstFile(await readAll(archive, path));
  } catch (thrown) {
    if (thrown instanceof ExternalError && thrown.status === 404) return undefined;
    throw thrown;
  }
}
