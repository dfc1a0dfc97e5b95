export { type Authenticator, createAuthenticator } from './authenticate.ts';
export { errors as identityErrors } from './errors.ts';
export { isPermission, PERMISSIONS, type Permission } from './permissions.ts';
export { authorise, type Principal, principalOfToken, principalOfUser } from './principal.ts';
export { permissionsOfRole, ROLES, type Role } from './roles.ts';
export { hashSecret, matchesHash } from './secret-hash.ts';
export {
  createSessions,
  type DraftedSession,
  pruneSessions,
  type SessionInfo,
  type SessionLimits,
  type Sessions,
  type SessionUse,
  type SignInPlace,
} from './sessions.ts';
export { createSetup, type Setup, type UserInfo } from './setup.ts';
export { createSignIn, type PasswordRequest, type SignIn, type SignInRequest } from './sign-in.ts';
export { bearerOf } from './token-text.ts';
export { createTokens, type NewToken, type TokenInfo, type TokenRequest, type Tokens } from './tokens.ts';
