import { z } from 'zod';
import { endpoint, time } from '../endpoint.ts';

const session = z.object({
  principal: z.string(),
  user: z.object({ id: z.string(), name: z.string(), role: z.string() }),
  permissions: z.array(z.string()),
  csrf: z.string().describe('Goes with every change, in the header x-csrf-token'),
  created_at: time,
  seen_at: time.describe('When it was used last, exact to a minute'),
  idle_ends_at: time.describe('When it ends unless it is used before, Unix milliseconds'),
  ends_at: time.describe('When it ends in any case, Unix milliseconds'),
});

const name = z.string().min(1).max(200);

/** A password in a request: more is not looked at. */
export const passwordText = z.string().max(1_000);

/** Signing in with a browser, and what one's sessions rest on. */
export const sessionEndpoints = {
  getSession: endpoint({
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in with this browser, if anybody',
    tag: 'access',
    permission: 'anonymous',
    response: z.object({
      session: session.nullable(),
      owned: z.boolean().describe('Whether this installation has its owner'),
    }),
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/session',
    summary: 'Sign in with a browser: sets the cookie of a new session',
    tag: 'access',
    permission: 'anonymous',
    body: z.strictObject({ name, password: passwordText }),
    response: session,
    status: 201,
  }),
  signOut: endpoint({
    method: 'DELETE',
    path: '/session',
    summary: 'End the session of this browser',
    tag: 'access',
    permission: 'self:write',
    response: z.object({ signed_out: z.boolean() }),
  }),
  setPassword: endpoint({
    method: 'PUT',
    path: '/password',
    summary: "Set one's own password; all one's sessions end, and this browser gets a new one",
    tag: 'access',
    permission: 'self:write',
    body: z.strictObject({
      current: passwordText
        .optional()
        .describe(
          'The present one. Without it a token is needed that has every permission of its user and does not expire',
        ),
      password: passwordText,
    }),
    response: z.object({ session: session.nullable() }),
  }),
  listPermissions: endpoint({
    method: 'GET',
    path: '/permissions',
    summary: 'Every permission that there is, and what it allows',
    tag: 'access',
    permission: 'self:read',
    response: z.object({ items: z.array(z.object({ permission: z.string(), allows: z.string() })) }),
  }),
  listSessions: endpoint({
    method: 'GET',
    path: '/sessions',
    summary: "List one's own sessions that have not ended, newest first",
    tag: 'access',
    permission: 'self:read',
    response: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          current: z.boolean(),
          created_at: time,
          seen_at: time,
          ends_at: time,
          address: z.string(),
          user_agent: z.string(),
        }),
      ),
    }),
  }),
  endSession: endpoint({
    method: 'DELETE',
    path: '/sessions/:id',
    summary: "End one of one's own sessions",
    tag: 'access',
    permission: 'self:write',
    response: z.object({ ended: z.boolean() }),
  }),
};
