import { defineErrors } from '@counterpoint/core';

/** The errors of the audit log. Tampering is no error but a finding of `verifyChain`. */
export const errors = defineErrors('audit', {
  key_invalid: {
    status: 400,
    message: 'The key for audit checkpoints is not an Ed25519 key in PEM form: {reason}.',
    help: 'Give the PEM text as it was written by Counterpoint: PKCS#8 to sign, SPKI to verify.',
  },
  export_invalid: {
    status: 400,
    message: 'Line {line} of the audit export cannot be read: {reason}.',
    help: 'Export the audit log again, or compare the file with another copy; exports are JSON lines and are never edited.',
  },
});
