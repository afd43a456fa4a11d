import { describe, expect, test } from 'vitest';
import { onlyPrints } from '../../../../../src/common/gate/inline/perl.ts';

describe('a program in Perl that is run for each line', () => {
  test.each([
    'print if /foo/',
    'print unless /^\\s*$/',
    'print "$1\\n" while /export (?:async )?function (\\w+)/g',
    'print "$ARGV:$.: $_" if /\\t/; close ARGV if eof',
    'print if 10..20',
    'print if $. >= 10 && $. <= 20',
    'print "$.:$_" if /x{2,3}$/',
    's/\\s+$//',
    's/(a)/<$1>/gi; print',
    's/x/"$1"/',
  ])('only prints: %s', (text) => {
    expect(onlyPrints(text)).toBe(true);
  });

  test.each([
    's/a/system("id")/e',
    's/a/b/ge',
    's/a/b/w',
    's/a/$ENV{X}/',
    's/a/@{[`id`]}/',
    's/a/$_->x/',
    's/x/\\`id`/',
    's/a/b/; unlink',
    's/a/b/\n;system "id"',
    'print `id`',
    'print "@{[`id`]}"',
    'print "${\\`id`}"',
    'print "$ENV{HOME}"',
    'print "$_[0]"',
    'print "$1->x"',
    'print STDERR "x"',
    'print {STDERR} "x"',
    'print "x" > 1',
    'print if /(?{system "id"})/',
    'print if /(??{`id`})/',
    'print if /(*{system "id"})/',
    'print if /@{[`id`]}/',
    'print if /$x/',
    'print if /a/; unlink $_',
    'print if /a/ || system',
    'system("id")',
    'open F, ">x"',
    'eval',
  ])('does more: %s', (text) => {
    expect(onlyPrints(text)).toBe(false);
  });
});
