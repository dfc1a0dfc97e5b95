import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder of the large sets of real inputs, or undefined where it is absent (tests that need it then say so).
 * `CORPORA_DIR` names it; the default is `../shared/corpora` beside the checkout.
 */
export function corporaFolder(): string | undefined {
  const folder = process.env.CORPORA_DIR ?? join(import.meta.dirname, '../../../../shared/corpora');
  return existsSync(folder) ? folder : undefined;
}
