/** Secrets that HomeIQ's own public files give to everybody. Whoever knows the project knows them. */

/**
 * SHA-256, in hexadecimal, of the values that stand in HomeIQ's repository for keys, passwords and tokens: in
 * infrastructure/env.production, env.test and env.ai-automation, docker-compose.yml and init-influxdb.sh.
 * Hashes, so that no such value is spread further from here.
 */
const publishedHashes: ReadonlySet<string> = new Set([
  '240be518fabd2724ddb6f04eeb1da5967448d7e831c08c8fa822809f74c720a9',
  '713bfda78870bf9d1b261f565286f85e97ee614efe5f0faf7c34e7ca4f65baca',
  'fc683b8f8f234b95065ecfd9532e35fdc5587848b83b8e31249ad2a190496fcc',
  '5d04fecccf7c3f1cc8399b7abd1e1d53ea1af3b21f45e5d485dc4ae4db7c3358',
  'baf0a556ea4c3a4a2a9117832d0917bdbf739e5c1aee0313740cbc16347d559c',
  '0ee06376d3c31e864f55f439365fde016b988d7042cf1333b02e989c595f11c2',
  'ef00f1fbac81e37bc798911d15e7774e55413339c57fc11108151142ac01067d',
  '0360ae891e41fdc0c1ae904fd641d38606e533268a34e2b000398e3a13c66afc',
  'bd219d180864d6b861dac84cb12d6daa4114b70badfae7b17e056fc05fab7cf9',
  '47fedfba2d7116d13f1058b2af357514585a31ce30cc7f00881727504fc50e52',
  '57b6c5b17c80f07515ec5662a1e1316ab670fbfc95707bf121a3d3ab27177cd5',
  'e2186dbdb1bb4193608605e84f33208765b5693b55edd4f730a719a100eeea6f',
  '5a570c91c6da48cfa6a0b7407d714b388be7826e283d342cc8b3c477ddf0c4b8',
  '2d184279f7c8ea80ade22b6a0e8d134d8f66bf433b4c7533c9ac555a1d9e0103',
  'f7b1435bd3e81a763c5dd3ef54bcf9026578250b53542be4dfb0046851c196cc',
  '2a7c0052d9a001f415fee9b9bade63b0e17e7d9a5eff7aef6517803692d78e62',
]);

/** What the examples there say instead of a value. */
const placeholder =
  /^(?:your[_-].*|.*[_-]here|choose-a-strong-.*|replace-with-.*|example-.*|sk-your-.*|<.*>|change[_-]?me|changeme)$/i;

export const isPlaceholder = (value: string): boolean => placeholder.test(value.trim());

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether the value is one of those that HomeIQ's files give to everybody, or says that there is none yet. */
export const isPublishedSecret = async (value: string): Promise<boolean> =>
  value !== '' && (isPlaceholder(value) || publishedHashes.has(await sha256(value.trim())));
