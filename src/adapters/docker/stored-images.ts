/** The images that the engine has: which they are, new ones from a tar, further names. They are pulled in `images.ts`. */

import { ExternalError } from '../../core/error.ts';
import type { Engine } from '../../ports/engine.ts';
import { fields, known, text } from './answer-shape.ts';
import type { EngineHttp } from './engine-http.ts';

const importTimeoutMs = 600_000;

const encodeReference = (reference: string): string => reference.split('/').map(encodeURIComponent).join('/');

const imagePath = (reference: string): string => `/images/${encodeReference(reference)}`;

export const createStoredImages = (
  http: EngineHttp,
): Pick<Engine, 'images' | 'isInRegistry' | 'importImage' | 'tagImage'> => ({
  images: async (references, signal) => {
    const found = await Promise.all(
      [...new Set(references)].map(async reference => {
        const found = await http.findJson(`${imagePath(reference)}/json`, { signal });
        const image = known(found, fields({ Id: text }), 'the image');
        return image === undefined ? [] : [[reference, image.Id] as const];
      }),
    );
    return new Map(found.flat());
  },

  isInRegistry: async (reference, signal) =>
    http.getJson(`/distribution/${encodeReference(reference)}/json`, { signal }).then(
      () => true,
      () => false,
    ),

  importImage: async (reference, tar, signal) => {
    const path = `/images/create?fromSrc=-&repo=${encodeURIComponent(reference)}`;
    const said = await http.post(path, { signal, body: tar, timeoutMs: importTimeoutMs });
    // The header says 200 before the tar is read: a failure comes as the last line.
    const error = said.split('\n').find(line => line.includes('"error"'));
    if (error !== undefined) {
      throw new ExternalError(`The image ${reference} could not be made`, {
        command: 'POST /images/create',
        tail: error,
      });
    }
  },

  tagImage: async (imageId, reference, signal) => {
    const cut = /^(.*?)(?::([^:/]+))?$/s.exec(reference);
    const repository = encodeURIComponent(cut?.[1] ?? reference);
    const tag = encodeURIComponent(cut?.[2] ?? 'latest');
    await http.post(`${imagePath(imageId)}/tag?repo=${repository}&tag=${tag}`, { signal });
  },
});
