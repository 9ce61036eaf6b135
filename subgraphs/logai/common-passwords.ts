// Passwords of ten characters and more that stand high in published lists of leaked ones, and the obvious
// lengthenings of the shorter ones. In lower case: a capital letter makes none of them better.
const list = `
1234567890 0123456789 9876543210 0987654321 1234567891 12345678910 123456789a 123456789q 123456789z 1234567899
1234567890a 1234567890q 1234512345 1122334455 1111111111 0000000000 2222222222 5555555555 6666666666 7777777777
8888888888 9999999999 1212121212 1010101010 1231231231 123123123a 123321123321 123456123456 123456654321 147258369a
1472583690 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc q1w2e3r4t5 q1w2e3r4t5y6 qwertyuiop qwertyuiop123
qwerty12345 qwerty123456 qwerty1234 qwertyqwerty qwerty123qwerty 1qwertyuiop qazwsxedcrfv qazwsx123456 qazxswedcvfr
qwertzuiop azertyuiop asdfghjkl1 asdfghjkl123 asdfasdfasdf asdf123456 asdfghjkl; zxcvbnm123 zxcvbnm,./ zaq12wsxcde3
abc1234567 abcd123456 abcdef1234 abcdefghij abcdefghijk abcd1234abcd abc123abc123 aaaaaaaaaa a123456789 a1234567890
aa12345678 aa123456789 q123456789 z123456789 password01 password10 password11 password12 password123 password1234
password12345 password123! password1! password!! password!1 password2020 password2021 password2022 password2023
password2024 password2025 password2026 passwordpassword mypassword mypassword1 mypassword123 yourpassword newpassword
newpassword1 oldpassword thepassword ourpassword nopassword1 passw0rd12 passw0rd123 p@ssw0rd12 p@ssw0rd123 p@ssword123
pa$$word123 passwort123 passwort1234 motdepasse motdepasse1 contrasena contraseña contrasena1 wachtwoord wachtwoord1
parola1234 parolamea1 administrator administrator1 adminadmin admin12345 admin123456 admin123admin adminpassword
administrador root123456 rootpassword toor123456 superadmin superuser1 welcome123 welcome1234 welcome12345 welcome2024
welcome2025 welcome2026 welcomehome letmein123 letmein1234 letmeinnow changeme123 changeme1234 changemenow pleasechange
default123 defaultpassword temporary1 temppassword temp123456 test123456 testtest123 testing123 testpassword tester1234
guest12345 guestguest user123456 username123 username12 login12345 loginlogin secret1234 secretsecret secret12345
mysecret123 topsecret1 trustno1trustno1 iloveyou12 iloveyou123 iloveyou1234 iloveyou!! iloveyou22 ilovegod12 iloveyouso
iloveyousomuch iloveyoubaby iloveyou4ever iloveme123 loveyou123 lovelove12 lovelovelove love123456 mylove1234
sunshine12 sunshine123 princess12 princess123 princess1234 football12 football123 football1234 baseball12 baseball123
basketball basketball1 basketball123 volleyball skateboard snowboarding swimming12 liverpool1 liverpool123 manchester
manchester1 manchesterunited chelseafc1 arsenal123 barcelona1 barcelona123 realmadrid realmadrid1 juventus12 steelers12
superman12 superman123 batman1234 spiderman1 spiderman123 starwars12 starwars123 pokemon123 pokemon1234 minecraft1
minecraft123 naruto1234 dragonball dragonballz dragon1234 dragon12345 monkey1234 monkey12345 master1234 master12345
shadow1234 michael123 jennifer12 jessica123 charlie123 computer12 computer123 internet12 internet123 samsung123
samsung1234 google1234 facebook12 facebook123 facebook1234 whatsapp12 instagram1 instagram123 microsoft1 microsoft123
blink182blink182 metallica1 metallica123 slipknot12 chocolate1 chocolate12 chocolate123 strawberry strawberry1 watermelon
watermelon1 cheesecake butterfly1 butterfly12 butterfly123 rainbow123 babygirl12 babygirl123 sweetheart sweetheart1
sweetness1 friendship friendship1 friends123 friendsforever bestfriend bestfriends bestfriend1 foreverlove alexander1
alexander123 alexandra1 christopher christopher1 christian1 christina1 elizabeth1 elizabeth123 stephanie1 valentina1
valentine1 antonio123 leonardo123 fuckyou123 fuckyou1234 fuckyou!!! motherfucker asshole123 bullshit12 whatever12
whatever123 something1 nothing123 killer1234 ninja12345 hello12345 hello123456 hellohello1 helloworld helloworld1
helloworld123 goodmorning happybirthday happy12345 summer2023 summer2024 summer2025 summer2026 winter2023 winter2024
winter2025 winter2026 spring2024 spring2025 spring2026 autumn2024 autumn2025 autumn2026 january2025 february12
september1 september12 september2025 november11 december12 december25 december2025 blackberry bluebluebl greengreen
mustang123 ferrari123 mercedes12 mercedes123 corvette12 harley1234 yamaha1234 1234qwerasdf 1234qwerty 12345qwert
123456qwerty 12345678qwerty 123qweasdzxc 123qweasd123 123456abcdef 123456asdf qwe123456789 qweasdzxc123 q1q2q3q4q5
zxcvbnmasdfghjkl qwertyasdfgh asdfghzxcvbn aqswdefrgt 3.14159265 3141592653 0123456789a 00000000000 11111111111
111111111111 123456789012 1234567890123 123456789123 123456789123456789 12345678901234567890 987654321a 9876543210a
p@ssw0rd!! codaicodai codai12345 codai123456 codaipassword
`

/** Lower-case passwords of at least ten characters that are refused because everyone tries them first. */
export const commonPasswords: ReadonlySet<string> = new Set(
  list.split(/\s+/).filter((password) => password.length >= 10),
)
