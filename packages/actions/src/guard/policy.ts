import type { EffectClass } from '@counterpoint/events';
import type { AddressRange } from './address-range.ts';

/** Which of this machine's own surroundings are protected. */
export type OwnAsset = 'addresses' | 'gateways' | 'resolvers';

/** An asset that nothing may be done to, and why. */
export interface Protected<Value> {
  readonly value: Value;
  readonly why: string;
}

/** What the guard goes by: `policy.yaml`, read and checked. */
export interface Policy {
  readonly protected: {
    readonly own: readonly OwnAsset[];
    readonly addresses: readonly Protected<AddressRange>[];
    /** Host names, protected by name and by every address they resolve to. */
    readonly names: readonly Protected<string>[];
    /** Domains with everything under them; also as the domain of a mail address or a URL. */
    readonly domains: readonly Protected<string>[];
    /** Accounts, compared without regard to case. */
    readonly accounts: readonly Protected<string>[];
  };
  /** The shortest prefix length that may be contained. */
  readonly widestPrefix: { readonly ipv4: number; readonly ipv6: number };
  readonly lease: {
    /** Milliseconds. */
    readonly max: number;
    /** Actions (`connector.action`) that may contain without a lease. */
    readonly permanent: readonly string[];
  };
  /** What needs the approval of a person: whole effect classes, or actions (`connector.action`). */
  readonly approval: { readonly effects: readonly EffectClass[]; readonly actions: readonly string[] };
}

/** Something wrong in `policy.yaml`. */
export interface PolicyFinding {
  /** Stable code, such as `policy.address_invalid`. */
  readonly code: string;
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** A policy, or why there is none. Without one the guard fails closed. */
export type PolicyState =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly findings: readonly PolicyFinding[] };
