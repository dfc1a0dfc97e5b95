import { type Clock, isCounterpointError, newId } from '@counterpoint/core';
import type { AuditEntry, SettingRow, Store, UserRow } from '@counterpoint/events';
import { createAttemptLimit } from './attempt-limit.ts';
import { errors } from './errors.ts';
import { hashPassword } from './password-hash.ts';
import { requirePassword } from './password-rules.ts';
import { ROLES } from './roles.ts';
import { hashSecret, matchesHash } from './secret-hash.ts';
import { newSetupCode, normaliseSetupCode } from './setup-code.ts';
import { requireText } from './text.ts';
import { draftToken, infoOf, type NewToken } from './tokens.ts';

/** A person as they may be shown: without the password hash. */
export type UserInfo = Omit<UserRow, 'password_hash' | 'rev'>;

/** The way from a new installation to its owner. */
export interface Setup {
  /**
   * A new setup code as long as there is no owner, else undefined; call it at every start. Earlier codes stop
   * working. Commits.
   *
   * @param trace trace id for the audit entry.
   */
  prepare(trace: string): Promise<string | undefined>;
  /**
   * Creates the owner and their first API token, which has every permission and does not expire. The code works
   * once. Commits; refused attempts are audited.
   *
   * @param password what they sign in with in a browser; without one they sign in nowhere until they set one.
   * @throws identity.setup_limited after 10 attempts within a minute, identity.setup_done, identity.setup_code_wrong,
   *   identity.setup_code_expired, identity.request_invalid, identity.password_weak
   */
  complete(
    code: string,
    name: string,
    trace: string,
    password?: string,
  ): Promise<{ readonly user: UserInfo; readonly token: NewToken }>;
}

interface StoredCode {
  readonly hash: string;
  readonly expiresAt: number;
}

const SETTING = 'identity.setup';
const CODE_LIFETIME = 24 * 3_600_000;
const WINDOW = 60_000;
const ATTEMPTS = { free: 10, first: WINDOW, longest: WINDOW, forgetAfter: WINDOW };

/** Makes the setup of an installation. */
export function createSetup(store: Store, clock: Clock): Setup {
  const attempts = createAttemptLimit(clock, ATTEMPTS);

  const refused = async (trace: string): Promise<void> => {
    await store.commit({ audit: [auditEntry(clock.now(), 'anonymous', 'setup.refused', 'system', {}, trace)] });
  };

  return {
    async prepare(trace) {
      if ((await store.count('users')) > 0) return undefined;
      const code = newSetupCode();
      const now = clock.now();
      const value = { hash: hashSecret(normaliseSetupCode(code)), expiresAt: now + CODE_LIFETIME };
      const rev = ((await store.get('settings', SETTING))?.rev ?? 0) + 1;
      await store.commit({
        rows: [{ op: 'put', table: 'settings', row: { id: SETTING, value, rev } }],
        audit: [auditEntry(now, 'system', 'setup.prepared', 'system', { expires_at: value.expiresAt }, trace)],
      });
      return code;
    },
    async complete(code, name, trace, password) {
      const wait = attempts.take('code');
      if (wait > 0) throw errors.setup_limited({ seconds: Math.ceil(wait / 1_000) });
      const setting = await store.get('settings', SETTING);
      const stored = setting && storedCode(setting);
      if (!stored) throw errors.setup_done();
      if (!matchesHash(normaliseSetupCode(code), stored.hash)) {
        await refused(trace);
        throw errors.setup_code_wrong();
      }
      const now = clock.now();
      if (now >= stored.expiresAt) {
        await refused(trace);
        throw errors.setup_code_expired({ at: new Date(stored.expiresAt).toISOString() });
      }
      const wanted = requireText('name', name);
      if (password !== undefined) requirePassword(password, wanted);
      const passwordHash = password === undefined ? '' : await hashPassword(password);
      return createOwner(store, setting, { name: wanted, passwordHash }, now, trace);
    },
  };
}

async function createOwner(
  store: Store,
  setting: SettingRow,
  { name, passwordHash }: { readonly name: string; readonly passwordHash: string },
  now: number,
  trace: string,
): Promise<{ readonly user: UserInfo; readonly token: NewToken }> {
  const info = { id: newId(now), name, role: 'owner', disabled: false, created_at: now };
  const ref = `user:${info.id}`;
  const request = { title: 'First token of the owner', permissions: [...ROLES.owner], expiresAt: null, user: info.id };
  const token = draftToken(request, { ref, trace }, now);
  try {
    await store.commit({
      rows: [
        // Whoever uses the code first wins this revision; any other attempt conflicts here.
        { op: 'update', table: 'settings', row: { id: SETTING, value: null, rev: setting.rev + 1 } },
        { op: 'insert', table: 'users', row: { ...info, password_hash: passwordHash, rev: 1 } },
        { op: 'insert', table: 'tokens', row: token.row },
      ],
      audit: [auditEntry(now, ref, 'user.created', ref, { name, role: info.role }, trace), token.audit],
    });
  } catch (error) {
    throw isCounterpointError(error, 'events.conflict') ? errors.setup_done({}, { cause: error }) : error;
  }
  return { user: info, token: { text: token.text, info: infoOf(token.row) } };
}

function storedCode(setting: SettingRow): StoredCode | undefined {
  const { hash, expiresAt } = (setting.value ?? {}) as Partial<StoredCode>;
  return typeof hash === 'string' && typeof expiresAt === 'number' ? { hash, expiresAt } : undefined;
}

function auditEntry(
  at: number,
  principal: string,
  action: string,
  object: string,
  data: AuditEntry['data'],
  trace: string,
): AuditEntry {
  return { at, principal, action, object, data, trace };
}
