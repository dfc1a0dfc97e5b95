import { canonicalise, observableOf } from './canonical.ts';
import { DEFAULT_LIMIT, type ExtractOptions, extractObservables } from './extract.ts';
import type { Observable, ObservableType } from './observable.ts';

/** An observable with where in the data it stands: `http.hostname`, `files[0].name`, `agent["host.name"]`. */
export interface LocatedObservable extends Observable {
  readonly path: string;
}

const words = (text: string) => new Set(text.split(/\s+/).filter(Boolean));

// Field names are compared in lower case without separators: src_user, srcUser and src-user are one.
const FIELDS: readonly (readonly [type: ObservableType, names: ReadonlySet<string>])[] = [
  [
    'user-account',
    words(`user username srcuser dstuser destuser sourceuser targetuser targetusername subjectusername useraccount account
      accountname login loginname userid suser duser ruser euser samaccountname userprincipalname`),
  ],
  ['file:name', words('filename file filepath targetfilename originalfilename image parentimage imagepath attachment')],
  [
    'domain-name',
    words(`domain domainname hostname host fqdn rrname query queryname dnsquery sni servername srchost dsthost desthost
      computername computer`),
  ],
];
/** Fields of which the dotted numbers are versions and not addresses. */
const VERSIONS = /version$|^kernel$/;

/**
 * Finds the observables of all strings in a piece of data, each once, with the path of its first place. Beyond
 * {@link extractObservables} it knows fields by name: accounts (`src_user`, `targetUserName`), file names and paths with
 * blanks, and internal host names without a public suffix. Field names themselves are not searched.
 */
export function extractFromJson(value: unknown, options: ExtractOptions = {}): readonly LocatedObservable[] {
  const limit = options.limit ?? DEFAULT_LIMIT;
  const found = new Map<string, LocatedObservable>();
  for (const { key, text, path } of strings(value)) {
    if (VERSIONS.test(key)) continue;
    const known = fromField(key, text, options);
    const named = known[0]?.type === 'file:name';
    const inText = extractObservables(text, { ...options, limit });
    for (const observable of [...known, ...inText]) {
      // The last word of a name with blanks is no name of its own.
      if (named && observable.type === 'file:name' && observable !== known[0]) continue;
      const id = `${observable.type} ${observable.value}`;
      if (!found.has(id)) found.set(id, { ...observable, path });
      if (found.size >= limit) return [...found.values()];
    }
  }
  return [...found.values()];
}

function fromField(key: string, text: string, { noise }: ExtractOptions): readonly Observable[] {
  for (const [type, names] of FIELDS) {
    if (!names.has(key)) continue;
    const found = text.length > 1024 ? undefined : observableOf(type, text);
    if (found === undefined || noise?.matches(found.type, found.value) === true) return [];
    if (type === 'file:name' && !found.value.includes('.')) return [];
    return canonicalise('ipv4-addr', text) === undefined ? [found] : [];
  }
  return [];
}

interface Place {
  readonly key: string;
  readonly text: string;
  readonly path: string;
}

/** Every string with its field name and path, in document order; without recursion, so depth costs nothing. */
function* strings(root: unknown): Generator<Place> {
  const stack: { key: string; value: unknown; path: string }[] = [{ key: '', value: root, path: '' }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { key, value, path } = next;
    if (typeof value === 'string') {
      yield { key, text: value, path };
    } else if (Array.isArray(value)) {
      for (let index = value.length - 1; index >= 0; index--) {
        stack.push({ key, value: value[index], path: `${path}[${index}]` });
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value).reverse()) {
        stack.push({ key: fieldName(name, key), value: inner, path: joined(path, name) });
      }
    }
  }
}

/** `name` alone says little: `{"user": {"name": …}}` is the field `username`. */
function fieldName(name: string, parent: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return plain === 'name' ? parent + plain : plain;
}

function joined(path: string, name: string): string {
  if (!/^[\w@-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}
