export { errors as vaultErrors } from './errors.ts';
export { createKeyProvider, type KeyProvider, newKeyText, parseKeyText } from './key-provider.ts';
export { type KeyLoadOptions, type KeySource, loadKeyProvider } from './key-source.ts';
export { KEY_CHECK_SETTING, type OpenVaultOptions, openVault } from './open-vault.ts';
export { createVault, type SecretActor, type SecretPurpose, type Vault, type VaultOptions } from './vault.ts';
