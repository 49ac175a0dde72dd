/** Certificates of a test's own, made on the spot: for given names and a given time. */

import { generateKeyPairSync, sign } from 'node:crypto';
import { isIP } from 'node:net';

export type TestCertificate = { readonly key: string; readonly cert: string };

type Bytes = Uint8Array;

const encode = (tag: number, ...parts: readonly Bytes[]): Bytes => {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length =
    size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, Math.floor(size / 0x100), size % 0x100];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};

const sequence = (...parts: readonly Bytes[]): Bytes => encode(0x30, ...parts);
const integer = (value: number): Bytes => encode(0x02, Buffer.from([value]));
const oid = (hex: string): Bytes => encode(0x06, Buffer.from(hex, 'hex'));
const bitString = (content: Bytes): Bytes => encode(0x03, Buffer.from([0]), content);
const generalizedTime = (time: Date): Bytes =>
  encode(0x18, Buffer.from(`${time.toISOString().replace(/[-:T]|\.\d+/g, '')}`));

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

const commonName = (name: string): Bytes =>
  sequence(encode(0x31, sequence(oid('550403'), encode(0x0c, Buffer.from(name)))));

const alternativeName = (name: string): Bytes =>
  isIP(name) === 4 ? encode(0x87, Buffer.from(name.split('.').map(Number))) : encode(0x82, Buffer.from(name));

const extension = (id: string, value: Bytes): Bytes => sequence(oid(id), encode(0x04, value));

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

/** PEM texts. `names` are DNS names or IPv4 addresses; self-signed, unless an authority is named, which nobody knows. */
export function createCertificate(
  names: readonly string[],
  { from, to, authority }: { readonly from: Date; readonly to: Date; readonly authority?: string },
): TestCertificate {
  const { privateKey, publicKey } = newKeys();
  const signingKey = authority === undefined ? privateKey : newKeys().privateKey;
  const subject = commonName(names[0] ?? 'test');
  const content = sequence(
    encode(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    authority === undefined ? subject : commonName(authority),
    sequence(generalizedTime(from), generalizedTime(to)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    encode(
      0xa3,
      sequence(
        extension('551d13', sequence(encode(0x01, Buffer.from([0xff])))),
        extension('551d11', sequence(...names.map(alternativeName))),
      ),
    ),
  );
  const der = sequence(content, ecdsaWithSha256, bitString(sign('sha256', content, signingKey)));
  const base64 = Buffer.from(der)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}-----END CERTIFICATE-----\n`,
  };
}
