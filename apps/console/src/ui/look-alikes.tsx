import { IconAlertTriangle } from '@tabler/icons-react';
import { deceives, type Homograph, homographsIn } from './homographs.ts';
import styles from './look-alikes.module.css';
import { defang } from './untrusted-text.ts';

function marked({ mixes, imitates }: Homograph): string {
  return imitates === '' ? `mixes ${mixes.join(' and ')}` : `looks like ${defang(imitates)}`;
}

function explained({ unicode, ascii, mixes, imitates }: Homograph): string {
  const letters =
    mixes.length > 0 ? `mixes ${mixes.join(' and ')} letters` : 'is written in letters that look like others';
  const taken = imitates === '' ? '' : ` and can be taken for ${defang(imitates)}`;
  return `${defang(unicode)} ${letters}${taken}.${ascii === '' ? '' : ` Machines read it as ${defang(ascii)}.`}`;
}

interface LookAlikesProps {
  readonly text: string;
  /** Shows the sign alone, the words on hover and to screen readers: where there is one line for the text itself. Default false. */
  readonly brief?: boolean;
}

/** Marks for names of hosts in a text that are not what they look like; nothing where there are none. */
export function LookAlikes({ text, brief = false }: LookAlikesProps) {
  const found = homographsIn(text).filter(deceives);
  if (found.length === 0) return null;
  return found.map((one) => (
    <span key={one.unicode} className={styles.mark} title={explained(one)}>
      <IconAlertTriangle size={12} aria-hidden />
      {!brief && ` ${marked(one)}`}
      <span className={styles.words}>: {explained(one)}</span>
    </span>
  ));
}

/**
 * The other way of writing the host in an observable, `xn--…` as people read it, letters of the world as machines do; and what
 * it can be taken for.
 */
export function OtherWriting({ value }: { readonly value: string }) {
  const [one] = homographsIn(value);
  if (!one) return null;
  const asMachines = value.toLowerCase().includes('xn--');
  // As people read it, one that deceives looks like what it is taken for.
  const other = asMachines ? (one.imitates === '' ? one.unicode : '') : one.ascii;
  const words = [other === '' ? '' : `= ${defang(other)}`, deceives(one) ? marked(one) : ''];
  const shown = words.filter((word) => word !== '').join(', ');
  return (
    <bdi className={styles.other} title={shown}>
      {shown}
    </bdi>
  );
}
