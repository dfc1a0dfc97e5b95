import { bruteForceStories } from './brute-force.ts';
import { fabricStory } from './fabric.ts';
import { hybridStory } from './hybrid.ts';
import type { LabStory } from './lab-story.ts';

/** Every story that can be played on a server with the lab. */
export const labStories: readonly LabStory[] = [...bruteForceStories, fabricStory, hybridStory];
