/** The units of a task's size. ECS developer guide, "task size", read November 2026. */

/** CPU units of a vCPU. */
export const unitsPerVcpu = 1_024;
export const mbPerGb = 1_024;
