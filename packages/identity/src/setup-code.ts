import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, so that a code can be read aloud and typed. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 20;

/** A new setup code: 100 random bits as `XXXXX-XXXXX-XXXXX-XXXXX`. */
export function newSetupCode(): string {
  const letters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte & 31]).join('');
  return (letters.match(/.{5}/g) ?? []).join('-');
}

/** A code as typed by people, in the form that is hashed: upper case, no hyphens or spaces, look-alikes replaced. */
export function normaliseSetupCode(code: string): string {
  return code.slice(0, 100).toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}
