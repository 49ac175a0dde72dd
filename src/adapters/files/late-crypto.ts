/**
 * Node's crypto, loaded at its first use. The first screen asks the files whether something is set up, and loading this
 * module would cost it a tenth of its time.
 */

import process from 'node:process';

const crypto = () => process.getBuiltinModule('node:crypto');

export const randomHex = (bytes: number): string => crypto().randomBytes(bytes).toString('hex');

export const sha256Hex = (text: string): string => crypto().createHash('sha256').update(text).digest('hex');
