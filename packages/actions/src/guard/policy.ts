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
  /** What is held for people once it has happened so often. */
  readonly budgets: readonly Budget[];
  /** What is held for people: whole effect classes, or actions (`connector.action`), and who decides. */
  readonly approval: HoldTerms & { readonly effects: readonly EffectClass[]; readonly actions: readonly string[] };
}

/** How much may be done without people: an effect class or an action (`connector.action`), how often, within which time. */
export interface Budget {
  readonly of: string;
  readonly max: number;
  /** Milliseconds. */
  readonly per: number;
}

/** Who decides about what the guard holds, and for how long. */
export interface HoldTerms {
  /** A role of people; those with all of its rights count too. */
  readonly role: string;
  /** How many different people must approve. */
  readonly quorum: number;
  /** Whether people may approve what they themselves asked for or started. */
  readonly self: boolean;
  /** How long a run waits for a decision, in milliseconds; then it is denied. */
  readonly wait: number;
  /** How long an approval may be used after it was given, in milliseconds. */
  readonly valid: number;
}

/** What holds where there is no readable policy. */
export const defaultHoldTerms: HoldTerms = {
  role: 'engineer',
  quorum: 1,
  self: false,
  wait: 24 * 3_600_000,
  valid: 24 * 3_600_000,
};

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
