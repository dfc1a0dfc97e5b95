import type { CounterpointError } from '@counterpoint/core';
import { guardErrors } from '../errors.ts';
import { type AddressRange, isWiderThan, overlaps, rangeText } from './address-range.ts';
import type { Policy } from './policy.ts';
import type { ProtectedAssets, Protection } from './protected-assets.ts';
import { readAddress } from './read-address.ts';
import { isAddressType, isNameType, parseTarget } from './target.ts';

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

async function checkName(
  target: string,
  type: string,
  name: string,
  policy: Policy,
  assets: ProtectedAssets,
): Promise<CounterpointError | undefined> {
  const readings = readAddress(name);
  if (readings.length > 0) return checkRanges(target, readings, policy, assets);
  const known =
    type === 'host' ? (assets.name(policy, name) ?? assets.domain(policy, name)) : assets.domain(policy, name);
  if (known) return refusal(target, known);
  // A machine is also its addresses. A domain is not: its owner could point it at a protected one to shield it.
  if (type !== 'host') return undefined;
  const found = await assets.resolve(name);
  if ('kind' in found) return refusal(target, found);
  for (const range of found) {
    const protection = await assets.address(policy, range);
    if (protection) return refusal(target, protection);
  }
  return undefined;
}

/**
 * Why nothing lasting may be done to `target` (`<type>:<value>`): it is protected, too wide, or unreadable. Undefined:
 * nothing speaks against it. Kinds of target that no list names (hashes, processes) are not held back here.
 */
export async function checkTarget(
  target: string,
  policy: Policy,
  assets: ProtectedAssets,
): Promise<CounterpointError | undefined> {
  const { type, value } = parseTarget(target);
  if (type === '' || value.trim() === '') {
    return guardErrors.target_unreadable({ target: target || '(none)', reason: 'it does not name a kind and a value' });
  }
  if (isAddressType(type)) {
    const readings = readAddress(value);
    if (readings.length > 0) return checkRanges(target, readings, policy, assets);
    return guardErrors.target_unreadable({ target, reason: 'it is no address, network or range' });
  }
  if (isNameType(type)) return checkName(target, type, value, policy, assets);
  if (type === 'url') {
    const url = URL.parse(value);
    if (!url || url.hostname === '')
      return guardErrors.target_unreadable({ target, reason: 'it is no URL with a host' });
    return checkName(target, type, url.hostname, policy, assets);
  }
  if (type === 'email-addr' || type === 'user-account') {
    const account = assets.account(policy, value);
    const domain = type === 'email-addr' ? value.slice(value.lastIndexOf('@') + 1) : '';
    const protection = account ?? (domain === '' ? undefined : assets.domain(policy, domain));
    return protection && refusal(target, protection);
  }
  return undefined;
}
