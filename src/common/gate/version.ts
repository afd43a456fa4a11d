/**
 * The version of the rules. It is a part of what a person said yes to: raise it with a change after which something that was
 * always allowed should be asked about once more.
 */
export const GATE_VERSION = 1;
