import type { ObservableType } from './observable.ts';

const brackets = (text: string) => text.replaceAll('.', '[.]');

/**
 * Makes a value safe to show: nothing turns it into a link. `http` becomes `hxxp`; dots of the host, colons of an IPv6
 * address and the at sign go into brackets. Hashes, file names, CVE ids, MAC addresses and accounts stay as they are.
 * {@link refang} gives the value back.
 */
export function defang(value: string, type: ObservableType): string {
  switch (type) {
    case 'ipv4-addr':
    case 'domain-name':
      return brackets(value);
    case 'ipv6-addr':
      return value.replaceAll(':', '[:]');
    case 'email-addr':
      return brackets(value).replaceAll('@', '[@]');
    case 'url':
      return defangUrl(value);
    default:
      return value;
  }
}

function defangUrl(value: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(value);
  if (match === null) return brackets(value);
  const [whole, scheme = '', host = ''] = match;
  const safeScheme = scheme.replace(/^http/i, 'hxxp').replace(/^ftp/i, 'fxp');
  // Other schemes keep their name.
  const colon = safeScheme === scheme ? '[:]' : ':';
  return `${safeScheme}${colon}//${brackets(host).replaceAll('@', '[@]')}${value.slice(whole.length)}`;
}
