import type { CounterpointError } from '@counterpoint/core';
import { guardErrors } from '../errors.ts';
import { type AddressRange, isWiderThan, overlaps, rangeText } from './address-range.ts';
import type { Policy } from './policy.ts';
import type { ProtectedAssets, Protection } from './protected-assets.ts';
import { readAddress } from './read-address.ts';
import { kindOfTarget, parseTarget } from './target.ts';

/** Two readings of one text that are no more than one address in its own and its embedded form. */
function sameFamily(readings: readonly AddressRange[]): boolean {
  const v4 = readings.filter((range) => range.first >> 32n === 0xffffn);
  return v4.length <= 1;
}

function refusal(target: string, protection: Protection): CounterpointError {
  if (protection.kind === 'protected') return guardErrors.protected({ target, reason: protection.why });
  return guardErrors.protection_unresolved({ target, name: protection.name, reason: protection.reason });
}

async function checkRanges(
  target: string,
  readings: readonly AddressRange[],
  policy: Policy,
  assets: ProtectedAssets,
): Promise<CounterpointError | undefined> {
  for (const range of readings) {
    const protection = await assets.address(policy, range);
    if (protection) return refusal(target, protection);
    const widest = policy.widestPrefix;
    if (isWiderThan(range, widest)) {
      return guardErrors.too_wide({ target, widest: overlaps(range, V4) ? widest.ipv4 : widest.ipv6 });
    }
  }
  if (sameFamily(readings)) return undefined;
  return guardErrors.target_ambiguous({ target, readings: readings.map(rangeText).join(' or ') });
}

const V4 = readAddress('0.0.0.0/0')[0] as AddressRange;

function checkDomain(target: string, name: string, policy: Policy, assets: ProtectedAssets): Check {
  const readings = readAddress(name);
  if (readings.length > 0) return checkRanges(target, readings, policy, assets);
  const known = assets.domain(policy, name);
  return known && refusal(target, known);
}

/** A machine is its name and its addresses. A domain is not: its owner could point it at a protected one to shield it. */
async function checkHost(target: string, name: string, policy: Policy, assets: ProtectedAssets) {
  const readings = readAddress(name);
  if (readings.length > 0) return checkRanges(target, readings, policy, assets);
  const known = assets.name(policy, name) ?? assets.domain(policy, name);
  if (known) return refusal(target, known);
  const found = await assets.resolve(name);
  if ('kind' in found) return refusal(target, found);
  for (const range of found) {
    const protection = await assets.address(policy, range);
    if (protection) return refusal(target, protection);
  }
  return undefined;
}

function checkAccount(target: string, account: string, policy: Policy, assets: ProtectedAssets): Check {
  const domain = account.slice(account.lastIndexOf('@') + 1);
  const mail = domain !== account && domain !== '' ? assets.domain(policy, domain) : undefined;
  const protection = assets.account(policy, account) ?? mail;
  return protection && refusal(target, protection);
}

/** A type that nobody has heard of could be anything: it is held against every list that its value may belong to. */
async function checkUnknown(target: string, value: string, policy: Policy, assets: ProtectedAssets) {
  const readings = /[.:/]/.test(value) ? readAddress(value) : [];
  if (readings.length > 0) return checkRanges(target, readings, policy, assets);
  const protection = assets.name(policy, value) ?? assets.domain(policy, value);
  return protection ? refusal(target, protection) : checkAccount(target, value, policy, assets);
}

type Check = CounterpointError | undefined | Promise<CounterpointError | undefined>;

/**
 * Why nothing lasting may be done to `target` (`<type>:<value>`): it is protected, too wide, or unreadable. Undefined:
 * nothing speaks against it. Kinds of target that no list names (hashes, file names) are not held back here.
 */
export async function checkTarget(
  target: string,
  policy: Policy,
  assets: ProtectedAssets,
): Promise<CounterpointError | undefined> {
  const { type, value } = parseTarget(target);
  const unreadable = (reason: string) => guardErrors.target_unreadable({ target: target || '(none)', reason });
  if (type === '' || value.trim() === '') return unreadable('it does not name a kind and a value');
  switch (kindOfTarget(type)) {
    case 'address': {
      const readings = readAddress(value);
      if (readings.length > 0) return checkRanges(target, readings, policy, assets);
      return unreadable('it is no address, network or range');
    }
    case 'host':
      return checkHost(target, value, policy, assets);
    case 'domain':
      return checkDomain(target, value, policy, assets);
    case 'url': {
      const url = URL.parse(value);
      if (!url || url.hostname === '') return unreadable('it is no URL with a host');
      return checkDomain(target, url.hostname, policy, assets);
    }
    case 'mail':
    case 'account':
      return checkAccount(target, value, policy, assets);
    case 'harmless':
      return undefined;
    case 'unknown':
      return checkUnknown(target, value, policy, assets);
  }
}
