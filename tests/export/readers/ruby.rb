# Prints each message's recipients as Ruby's mail library reads them.
require "json"
require "mail"

all = ARGV.to_h do |file|
  [file, Mail.read(file)[:to].field.addrs.map { |box| [box.display_name.to_s, box.address] }]
end
print JSON.generate("mail" => all)
