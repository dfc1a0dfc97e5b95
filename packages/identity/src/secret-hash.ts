import crypto from 'node:crypto';
import { sha256 } from '@counterpoint/core';

/** What is kept of a random secret: its SHA-256. Enough where the secret has 100 bits or more; never for passwords. */
export function hashSecret(secret: string): string {
  return sha256(secret);
}

/** Whether `secret` has this hash, in a time that does not depend on where they differ. */
export function matchesHash(secret: string, hash: string): boolean {
  const given = Buffer.from(sha256(secret));
  const kept = Buffer.from(hash);
  return given.length === kept.length && crypto.timingSafeEqual(given, kept);
}
