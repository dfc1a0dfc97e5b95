import { defineErrors } from '@counterpoint/core';

/** The errors of the vault. None of them ever names a secret or a key. */
export const errors = defineErrors('vault', {
  key_missing: {
    status: 503,
    message: 'The vault has secrets sealed with the key {kek}, and no key was found in {place}.',
    help: 'Put the key of this installation back (from your backup of it), or point vault.key at it. Without it the secrets cannot be read; a new key cannot replace it.',
  },
  key_absent: {
    status: 503,
    message: 'No vault key was found in {place}.',
    help: 'Provide a key there ("counterpoint-key-v1:" and 32 random bytes as base64url), or use a key file, which the first start creates.',
  },
  key_wrong: {
    status: 503,
    message: 'The vault key in use is {found}, but the secrets are sealed with the key {expected}.',
    help: 'Point vault.key at the key of this installation, or restore the key file that belongs to this database.',
  },
  key_invalid: {
    status: 503,
    message: 'The vault key from {place} is not a key: {reason}.',
    help: 'A key is one line, "counterpoint-key-v1:" followed by 43 characters. Restore it from your backup; do not edit it.',
  },
  key_unreadable: {
    status: 503,
    message: 'The vault key file {path} cannot be used: {reason}.',
    help: 'Check that the path names a file (or a place for one) that the server may read, and start again.',
  },
  key_permissions: {
    status: 503,
    message: 'The vault key file {path} is open to other users (mode {mode}).',
    help: 'Run: chmod 600 {path}. If others could have read it, treat the stored credentials as known to them.',
  },
  key_command_failed: {
    status: 503,
    message: 'The command for the vault key, {command}, failed: {reason}.',
    help: 'Run the command by hand as the user of the server; it must print the key alone, within 30 s, and end with status 0.',
  },
  tampered: {
    status: 500,
    message: '{what} does not pass its integrity check.',
    help: 'It was altered or moved outside Counterpoint, or belongs to another installation. Enter the secret again, and find out who can write to the database.',
  },
  secret_unknown: {
    status: 404,
    message: 'There is no secret {id} in the vault.',
    help: 'It was removed. Enter the credential again where it is used.',
  },
  secret_refused: {
    status: 422,
    message: 'The secret for "{label}" was refused: {reason}.',
    help: 'Enter a credential of 8 characters to 64 KiB; shorter ones could not be kept out of logs without damaging other text.',
  },
});
