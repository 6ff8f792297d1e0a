# Prints each message's recipients as two Perl libraries read them; Email::Address::XS is Dovecot's parser.
use strict;
use warnings;
use Email::Address::XS;
use Encode;
use JSON::PP;
use Mail::Address;

my (%dovecot, %mailtools);
for my $file (@ARGV) {
    open my $message, '<:raw', $file or die $file;
    my $text = do { local $/; <$message> };
    $text =~ s/\r\n[ \t]+/ /g;
    my ($field) = $text =~ /^To: ([^\r]*)/m;
    $dovecot{$file} =
      [map { [decode('MIME-Header', $_->phrase // ''), $_->address] } Email::Address::XS->parse($field)];
    $mailtools{$file} = [
        map {
            my $name = $_->phrase;
            $name =~ s/^"(.*)"$/$1/s and $name =~ s/\\(.)/$1/g;
            [decode('MIME-Header', $name), $_->address]
        } Mail::Address->parse($field)
    ];
}
print JSON::PP->new->utf8->encode({'Email::Address::XS' => \%dovecot, 'Mail::Address' => \%mailtools});
