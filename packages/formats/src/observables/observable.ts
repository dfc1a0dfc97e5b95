/**
 * The kinds of observable, in the vocabulary of STIX 2.1 (chapter 6, Cyber-observable Objects): the object type, and after
 * a colon the property where one object has several useful ones. This list is the only place that names them.
 *
 * | type | value in canonical form |
 * |---|---|
 * | `ipv4-addr` | dotted decimal; a network as `192.0.2.0/24` (STIX §6.8 allows CIDR) |
 * | `ipv6-addr` | RFC 5952 text without zone; a network as `2001:db8::/32`; a mapped IPv4 address becomes `ipv4-addr` |
 * | `domain-name` | lower case, punycode, without the final dot |
 * | `url` | as the WHATWG URL standard serialises it, host in lower case |
 * | `email-addr` | lower case, domain in punycode |
 * | `file:hashes.MD5` … `file:hashes.SHA-512` | lower-case hexadecimal |
 * | `file:name` | the base name, case kept |
 * | `vulnerability` | `CVE-2021-44228` |
 * | `mac-addr` | `00:1b:44:11:3a:b7` (STIX §6.10) |
 * | `user-account` | as written, trimmed; only from fields that hold an account, never from prose |
 */
export const observableTypes = [
  'ipv4-addr',
  'ipv6-addr',
  'domain-name',
  'url',
  'email-addr',
  'file:hashes.MD5',
  'file:hashes.SHA-1',
  'file:hashes.SHA-256',
  'file:hashes.SHA-512',
  'file:name',
  'vulnerability',
  'mac-addr',
  'user-account',
] as const;

/** One of {@link observableTypes}. */
export type ObservableType = (typeof observableTypes)[number];

/** A typed value that an analyst or a playbook can look up, block or count. */
export interface Observable {
  readonly type: ObservableType;
  /** The canonical form: two observables are the same when type and value are equal. */
  readonly value: string;
  /** What the source wrote, defanged or not. */
  readonly raw: string;
  /** Where `raw` begins in the text it was found in, in UTF-16 code units. */
  readonly offset: number;
  /** Set on addresses that mean something only inside one network: private, shared, link-local, unique local, loopback. */
  readonly private?: true;
}

const HASH_TYPES: Readonly<Record<number, ObservableType>> = {
  32: 'file:hashes.MD5',
  40: 'file:hashes.SHA-1',
  64: 'file:hashes.SHA-256',
  128: 'file:hashes.SHA-512',
};

/** The hash type that has this many hexadecimal digits, if one has. */
export function hashTypeOf(digits: number): ObservableType | undefined {
  return HASH_TYPES[digits];
}
