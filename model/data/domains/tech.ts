/** Programs about programs, machines and data. The form is told in `domains.ts`. */
export const tech = `
# crawler | a crawler for a company wiki
page: url s, depth i, words i, links i, broken b
site: host s, page limit i, delay i, blocked b
$ max depth = 4 | Links that are followed from the start page
$ user agent = 'tidy-crawler/2.1' | How the crawler names itself
$ delay millis = 350 | Milliseconds between two requests
! Crawl finished, the index is up to date.
! This host does not want to be crawled.
! Too many redirects.

# backups | nightly backups of folders
snapshot: folder s, bytes i, files i, verified b
target: host s, free space i, retries i, encrypted b
$ keep daily = 14 | Daily snapshots that are kept
$ chunk bytes = 65536 | Size of the pieces that are copied
$ retry seconds = 45 | Seconds until a failed copy is tried again
! The last snapshot could not be verified.
! Backup target is almost full.
! Nothing has changed since the last run.

# tokenizer | a tokenizer for a small language
token: kind s, text s, line i, column i, trivia b
rule: pattern s, priority i, hits i, greedy b
$ tab width = 4 | Columns that a tab counts
$ max errors = 20 | Errors after which the tokenizer gives up
$ comment mark = '--' | What begins a comment
! Unexpected end of input.
! This character is not allowed here.
! String is never closed.

# scheduler | background jobs in a queue
job: name s, attempts i, priority i, payload s, failed b
worker: host s, capacity i, running i, draining b
$ max attempts = 6 | How often a job is tried
$ backoff base = 250 | Milliseconds before the second attempt
$ lease seconds = 40 | Seconds that a worker may hold a job in silence
! No worker is free, the job has to wait.
! Job was moved to the dead letter queue.
! The queue is empty.

# metrics | counters and alerts of servers
sample: series s, value n, second i, stale b
alert: title s, threshold n, fired times i, silenced b
$ scrape seconds = 15 | Seconds between two samples
$ stale after = 120 | Seconds after which a series counts as stale
$ percentile = 99 | The percentile that alerts look at
! All systems are healthy.
! Alert was silenced until tomorrow.
! Too few samples for a verdict.

# mailer | newsletters and their readers
subscriber: address s, language s, opened i, bounced b
issue: headline s, sections i, sent count i, draft b
$ batch size = 200 | Messages handed to the mail server at once
$ bounce limit = 3 | Bounces after which an address is dropped
$ unsubscribe path = '/goodbye' | Where the link at the bottom leads
! You have been unsubscribed.
! Please confirm your address first.
! The newsletter has been sent.

# sensors | measurements of a smart home
sensor: room s, battery i, interval i, wireless b
measurement: unit s, value n, minute i, smoothed b
$ low battery = 12 | Percent at which the battery should be changed
$ smoothing = 0.3 | Weight of a new value in the average
$ poll interval = 60 | Seconds between two questions to a sensor
! Battery is low in the hallway.
! The window has been open for an hour.
! No answer from the sensor.

# markdown | a converter for notes
note: title s, body s, heading count i, words i, archived b
tag: label s, uses i, colour s, hidden b
$ line length = 88 | Columns at which paragraphs are wrapped
$ toc depth = 3 | Headings that the table of contents shows
$ excerpt words = 30 | Words shown in a list of notes
! Nothing to convert.
! A note with this title exists already.
! The table of contents was rebuilt.

# thumbnails | pictures and their previews
picture: file name s, width i, height i, bytes i, cropped b
preset: label s, longest side i, quality i, sharpen b
$ jpeg quality = 82 | Quality with which previews are saved
$ longest edge = 1280 | Pixels of the longer side
$ cache days = 30 | Days after which unused previews are removed
! This format is not supported.
! Picture is too small to be scaled.
! All previews are fresh.

# releases | version numbers and change logs
release: version s, changes i, downloads i, prerelease b
component: name s, owner s, open bugs i, deprecated b
$ freeze days = 5 | Days before a release without new features
$ support months = 18 | Months in which a release gets fixes
$ tag prefix = 'v' | What stands before the number in a tag
! Tag exists already.
! There is nothing to release.
! Change log is missing an entry.
`;
