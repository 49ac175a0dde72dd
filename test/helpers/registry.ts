/** A registry on 127.0.0.1 that holds one image and can refuse, stall or die, for tests of pulling. */

import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

type RegistryOptions = {
  /** Uncompressed bytes of its one layer, which do not compress. */
  readonly layerBytes?: number;
  /** Status for every question after the version check: 401, 404, 429 … */
  readonly refuseWith?: number;
  /** The connection is cut in the middle of the layer. */
  readonly isCutOff?: boolean;
};

export type TestRegistry = {
  /** For example `127.0.0.1:40123/thing:1`. */
  readonly image: string;
  readonly close: () => Promise<void>;
};

export const digestOf = (bytes: Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** One file `/data`, in the old tar form: a header block, the bytes, padding and two empty blocks. */
export function tarOfOneFile(bytes: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write('data', 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc(((512 - (bytes.length % 512)) % 512) + 1024)]);
}

export async function startTestRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  const tar = tarOfOneFile(randomBytes(options.layerBytes ?? 1024));
  const layer = gzipSync(tar, { level: 1 });
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: ['/data'] },
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
      history: [],
    }),
  );
  const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: {
        mediaType: 'application/vnd.docker.container.image.v1+json',
        size: config.length,
        digest: digestOf(config),
      },
      layers: [
        {
          mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
          size: layer.length,
          digest: digestOf(layer),
        },
      ],
    }),
  );
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    if (/^\/v2\/?$/.test(path)) {
      response.writeHead(200, { 'docker-distribution-api-version': 'registry/2.0' }).end('{}');
    } else if (options.refuseWith !== undefined) {
      const codes: Readonly<Record<number, string>> = {
        401: 'UNAUTHORIZED',
        403: 'DENIED',
        404: 'MANIFEST_UNKNOWN',
        429: 'TOOMANYREQUESTS',
      };
      const code = codes[options.refuseWith] ?? 'UNKNOWN';
      response
        .writeHead(options.refuseWith, { 'content-type': 'application/json' })
        .end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
    } else if (path.includes('/manifests/')) {
      response
        .writeHead(200, {
          'content-type': manifestType,
          'docker-content-digest': digestOf(manifest),
          'content-length': manifest.length,
        })
        .end(request.method === 'HEAD' ? undefined : manifest);
    } else if (path.endsWith(digestOf(config))) {
      response.writeHead(200, { 'content-length': config.length }).end(config);
    } else if (path.endsWith(digestOf(layer))) {
      response.writeHead(200, { 'content-length': layer.length });
      if (options.isCutOff === true) {
        response.write(layer.subarray(0, layer.length / 2), () => response.destroy());
      } else response.end(layer);
    } else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    image: `127.0.0.1:${port}/homeiq-test-pulled:${randomBytes(4).toString('hex')}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
