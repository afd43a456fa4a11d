/** What can be said of a parcel, in the order in which it happens. */
export const STATUSES = ['announced', 'collected', 'in_transit', 'out_for_delivery', 'delivered', 'returned'] as const;
export type Status = (typeof STATUSES)[number];

const LABELS: Record<Status, string> = {
  announced: 'Waiting for the carrier',
  collected: 'Collected',
  in_transit: 'On its way',
  out_for_delivery: 'Arriving today',
  delivered: 'Delivered',
  returned: 'Back to the sender',
};

/** The status as a person reads it. */
export function statusLabel(status: Status): string {
  return LABELS[status];
}

export function isStatus(text: string): text is Status {
  return (STATUSES as readonly string[]).includes(text);
}
