import { createHash, randomBytes } from 'node:crypto';

export const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex');

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
