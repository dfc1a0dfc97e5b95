export { CHAIN_START, type ChainHead, chainEntry } from './chain.ts';
export {
  type CheckpointSigner,
  type CheckpointStatement,
  type CheckpointTrust,
  type CheckpointVerdict,
  checkpointChange,
  createCheckpointSigner,
  newSigningKey,
} from './checkpoint.ts';
export { errors as auditErrors } from './errors.ts';
export { type AuditExport, exportAudit, readAuditExport, readAuditRows, readCheckpoints } from './export.ts';
export { type ChainFinding, type ChainReport, verifyChain } from './verify.ts';
