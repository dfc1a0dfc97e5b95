import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { Refusal } from './tool.ts';

/** Reads a value as a tool takes it: in one spelling. @throws Refusal */
export type ReadValue = (given: unknown) => string;

function text(given: unknown): string {
  if (typeof given !== 'string') throw new Refusal('that is no text');
  return given;
}

/** A SHA-256 in lower-case hex. */
export const sha256Of: ReadValue = (given) => {
  const value = text(given).toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(value)) throw new Refusal('that is no SHA-256');
  return value;
};

/** A domain name in lower case and ASCII. */
export const domainOf: ReadValue = (given) => {
  const value = domainToASCII(text(given).replace(/\.$/, ''));
  const labels = value.split('.');
  const good = labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?$/.test(label));
  if (!good || labels.length < 2 || value.length > 253 || isIP(value) !== 0)
    throw new Refusal('that is no domain name');
  return value;
};

/** An http or https URL, without user name and fragment. */
export const urlOf: ReadValue = (given) => {
  const url = URL.parse(text(given));
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw new Refusal('that is no http or https URL');
  url.username = '';
  url.password = '';
  url.hash = '';
  return url.href;
};

/** The name of a machine, in lower case. */
export const hostOf: ReadValue = (given) => {
  const value = text(given).toLowerCase();
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(value)) throw new Refusal('that is no name of a host');
  return value;
};

/** An account, in lower case. */
export const accountOf: ReadValue = (given) => {
  const value = text(given).toLowerCase();
  if (!/^[^\s@\\/:*?"<>|]{1,64}(@[a-z0-9.-]{1,253})?$/.test(value)) throw new Refusal('that is no account');
  return value;
};
