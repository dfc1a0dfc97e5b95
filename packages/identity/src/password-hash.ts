import { hash, verify } from '@node-rs/argon2';

/**
 * argon2id with 19 MiB, two passes and one lane: the first recommendation of the OWASP Password Storage Cheat Sheet
 * (2024) that needs no more than one core. The library's default algorithm is argon2id.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** A password as it is hashed: however the keyboard composed its letters (NIST SP 800-63B, 5.1.1.2). */
function composed(password: string): string {
  return password.normalize('NFKC');
}

/** The hash of a password, as a PHC string with its salt and cost. */
export function hashPassword(password: string): Promise<string> {
  return hash(composed(password), COST);
}

let nobody: Promise<string> | undefined;

/**
 * Whether a password has this hash. An empty hash is no password's: then as much work is done for nothing, so that the
 * time does not tell whether there is such a person or whether they have a password.
 */
export async function matchesPassword(password: string, kept: string): Promise<boolean> {
  nobody ??= hashPassword('nobody');
  const matches = await verify(kept === '' ? await nobody : kept, composed(password));
  return matches && kept !== '';
}
