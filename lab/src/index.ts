export {
  type Lab,
  type LabConnection,
  type LabConnector,
  type LabOptions,
  type LabSimulators,
  startLab,
} from './lab.ts';
export type { Mail } from './participants/mail-gateway.ts';
export { type LabTools, startTools, type ToolsOptions } from './participants/tools.ts';
export { BRANCHES, type Branch, bruteForceAlert } from './stories/brute-force.ts';
export { latestVerdict, mailArrives } from './stories/fabric.ts';
export { hostOf, programAppeared } from './stories/hybrid.ts';
export { labStories } from './stories/index.ts';
export type { LabStage, LabStory, StoryAct, StoryStep } from './stories/lab-story.ts';
export { firstSample, foundSample, type Sample, secondSample } from './stories/samples.ts';
