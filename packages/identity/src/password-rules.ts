import { COMMON_CORES } from './common-passwords.ts';
import { errors } from './errors.ts';

/** Fewest and most characters of a password. */
export const PASSWORD_LENGTH = { least: 12, most: 256 } as const;

const FEWEST_DIFFERENT = 5;
const STEPS_OF_DIGITS = '0123456789'.repeat(26);

/**
 * Passes a password that is long and none of the first that are tried. There are no rules about kinds of characters, and none
 * expires: NIST SP 800-63B, 5.1.1.2 (length, a list of values that are refused, nothing else).
 *
 * @throws identity.password_weak
 */
export function requirePassword(password: string, name: string): void {
  const reason = weakness(password.normalize('NFKC'), name);
  if (reason !== undefined) throw errors.password_weak({ reason });
}

function weakness(password: string, name: string): string | undefined {
  const length = [...password].length;
  const { least, most } = PASSWORD_LENGTH;
  if (length < least) return `it has ${length} characters, fewer than ${least}`;
  if (length > most) return `it has more than ${most} characters`;
  if (!password.isWellFormed()) return 'it has half a character';
  const lower = password.toLowerCase();
  if (new Set(lower).size < FEWEST_DIFFERENT) return `it has fewer than ${FEWEST_DIFFERENT} different characters`;
  const unit = repeatedUnit(lower);
  const core = coreOf(unit);
  if (core === '' && isRunOfDigits(unit)) return 'it is a run of digits';
  if (COMMON_CORES.has(core)) return 'it is among the first that are tried';
  const owner = name.trim().toLowerCase();
  if (owner.length >= 2 && (core === owner || core === coreOf(owner))) return 'it is little more than the name';
  return undefined;
}

/** `abcabcabc` -> `abc`; what repeats nothing stays. */
function repeatedUnit(text: string): string {
  for (let length = 1; length <= text.length / 2; length++) {
    if (text.length % length === 0 && text.slice(0, length).repeat(text.length / length) === text) {
      return text.slice(0, length);
    }
  }
  return text;
}

/** The word inside: without the digits and signs around it, and with what stands for letters read as them. */
function coreOf(text: string): string {
  const bare = text.replace(/^[\d\W_]+|[\d\W_]+$/g, '');
  const read = bare
    .replaceAll('0', 'o')
    .replaceAll('1', 'i')
    .replaceAll('3', 'e')
    .replaceAll('@', 'a')
    .replaceAll('$', 's');
  return repeatedUnit(read);
}

function isRunOfDigits(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  const backwards = [...STEPS_OF_DIGITS].reverse().join('');
  return (
    digits.length > 0 &&
    (STEPS_OF_DIGITS.includes(digits) || backwards.includes(digits) || repeatedUnit(digits) !== digits)
  );
}
