export { errors as vaultErrors } from './errors.ts';
export { createKeyProvider, type KeyProvider } from './key-provider.ts';
export type { KeyLoadOptions, KeySource } from './key-source.ts';
export { type OpenVaultOptions, openVault } from './open-vault.ts';
export { createVault, type SecretActor, type SecretPurpose, type Vault, type VaultOptions } from './vault.ts';
