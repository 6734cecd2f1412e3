"""Doses as prescriptions state them: published brand and generic names, usual amounts.

This is data for fiction. It is no formulary, and nothing here advises anybody.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from cloud.records.model import Form

BREAKFAST: Final = "1日1回朝食後"
SUPPER: Final = "1日1回夕食後"
BEDTIME: Final = "1日1回就寝前"
TWICE: Final = "1日2回朝夕食後"
THRICE: Final = "1日3回毎食後"
PAIN: Final = "疼痛時"
FEVER: Final = "発熱時"


@dataclass(frozen=True, slots=True)
class Dose:
    brand: str
    generic: str
    quantity: str
    unit: str
    usage: str
    form: Form = Form.INTERNAL
    times: int | None = None
    """None: the days of the visit."""

    def taken(self, usage: str, quantity: str | None = None) -> "Dose":
        return replace(self, usage=usage, quantity=quantity or self.quantity)


def tablet(
    brand: str, generic: str, usage: str = BREAKFAST, quantity: str = "1"
) -> Dose:
    return Dose(brand, generic, quantity, "錠", usage)


def capsule(
    brand: str, generic: str, usage: str = BREAKFAST, quantity: str = "1"
) -> Dose:
    return Dose(brand, generic, quantity, "カプセル", usage)


def as_needed(
    brand: str, generic: str, usage: str = PAIN, times: int = 10, unit: str = "錠"
) -> Dose:
    return Dose(brand, generic, "1", unit, usage, Form.AS_NEEDED, times)


def applied(brand: str, generic: str, quantity: str, unit: str, usage: str) -> Dose:
    return Dose(brand, generic, quantity, unit, usage, Form.TOPICAL, 1)


def injected(
    brand: str, generic: str, quantity: str, unit: str, usage: str, times: int = 1
) -> Dose:
    return Dose(brand, generic, quantity, unit, usage, Form.INJECTION, times)


@dataclass(frozen=True, slots=True)
class ByWeight:
    """A child's powder: milligrams per kilogram, and how strong the powder is."""

    brand: str
    generic: str
    usage: str
    mg_per_kg: float
    """Of a day for 内服, of one time for 屯服."""
    mg_per_g: int
    most_mg: int
    form: Form = Form.INTERNAL
    times: int | None = None

    def dose(self, age: int) -> Dose:
        mg = min(self.mg_per_kg * weight_kg(age), self.most_mg)
        grams = (Decimal(mg) / self.mg_per_g).quantize(Decimal("0.01"), ROUND_HALF_UP)
        amount = max(grams, Decimal("0.05"))
        return Dose(
            self.brand,
            self.generic,
            str(amount),
            "g",
            self.usage,
            self.form,
            self.times,
        )


def weight_kg(age: int) -> float:
    """A usual weight of a child."""
    return 7.0 if age < 1 else 8.0 + 2.0 * age


# -- heart, vessels, sugar, lipids, uric acid ------------------------------------------
AMLODIPINE_2_5 = tablet("ノルバスク錠2.5mg", "アムロジピンベシル酸塩錠")
AMLODIPINE_5 = tablet("ノルバスク錠5mg", "アムロジピンベシル酸塩錠")
AMLODIPINE_OD_5 = tablet(
    "アムロジピンOD錠5mg「トーワ」", "アムロジピンベシル酸塩口腔内崩壊錠"
)
AZILSARTAN_20 = tablet("アジルバ錠20mg", "アジルサルタン錠")
TELMISARTAN_40 = tablet("ミカルディス錠40mg", "テルミサルタン錠")
CANDESARTAN_4 = tablet("ブロプレス錠4", "カンデサルタンシレキセチル錠")
CANDESARTAN_8 = tablet("ブロプレス錠8", "カンデサルタンシレキセチル錠")
BISOPROLOL_2_5 = tablet("メインテート錠2.5mg", "ビソプロロールフマル酸塩錠")
ROSUVASTATIN_2_5 = tablet("クレストール錠2.5mg", "ロスバスタチンカルシウム錠", SUPPER)
ROSUVASTATIN_5 = tablet("クレストール錠5mg", "ロスバスタチンカルシウム錠", SUPPER)
ATORVASTATIN_10 = tablet(
    "リピトール錠10mg", "アトルバスタチンカルシウム水和物錠", SUPPER
)
PITAVASTATIN_2 = tablet("リバロ錠2mg", "ピタバスタチンカルシウム水和物錠", SUPPER)
EZETIMIBE_10 = tablet("ゼチーア錠10mg", "エゼチミブ錠")
METFORMIN_500 = tablet("メトグルコ錠250mg", "メトホルミン塩酸塩錠", TWICE, "2")
METFORMIN_1000 = tablet("メトグルコ錠500mg", "メトホルミン塩酸塩錠", TWICE, "2")
SITAGLIPTIN_50 = tablet("ジャヌビア錠50mg", "シタグリプチンリン酸塩水和物錠")
DAPAGLIFLOZIN_5 = tablet(
    "フォシーガ錠5mg", "ダパグリフロジンプロピレングリコール水和物錠"
)
GLARGINE = injected(
    "ランタスXR注ソロスター", "インスリン　グラルギン（遺伝子組換え）注射液",
    "2", "キット", "1日1回朝食前　皮下注射",
)  # fmt: skip
FEBUXOSTAT_10 = tablet("フェブリク錠10mg", "フェブキソスタット錠")
FEBUXOSTAT_20 = tablet("フェブリク錠20mg", "フェブキソスタット錠")
APIXABAN_5 = tablet("エリキュース錠5mg", "アピキサバン錠", TWICE, "2")
EDOXABAN_30 = tablet("リクシアナOD錠30mg", "エドキサバントシル酸塩水和物口腔内崩壊錠")
ASPIRIN_100 = tablet("バイアスピリン錠100mg", "アスピリン腸溶錠")
CLOPIDOGREL_75 = tablet("プラビックス錠75mg", "クロピドグレル硫酸塩錠")
FUROSEMIDE_20 = tablet("ラシックス錠20mg", "フロセミド錠")
# -- stomach, bowel --------------------------------------------------------------------
VONOPRAZAN_10 = tablet("タケキャブ錠10mg", "ボノプラザンフマル酸塩錠")
ESOMEPRAZOLE_20 = capsule(
    "ネキシウムカプセル20mg", "エソメプラゾールマグネシウム水和物カプセル"
)
FAMOTIDINE_20 = tablet("ガスターD錠20mg", "ファモチジン口腔内崩壊錠", TWICE, "2")
REBAMIPIDE_100 = tablet("ムコスタ錠100mg", "レバミピド錠", THRICE, "3")
MAGNESIUM_330 = tablet("マグミット錠330mg", "酸化マグネシウム錠", THRICE, "3")
SENNOSIDE_12 = tablet("プルゼニド錠12mg", "センノシド錠", BEDTIME, "2")
# -- sleep, memory ---------------------------------------------------------------------
LEMBOREXANT_5 = tablet("デエビゴ錠5mg", "レンボレキサント錠", BEDTIME)
SUVOREXANT_15 = tablet("ベルソムラ錠15mg", "スボレキサント錠", BEDTIME)
DONEPEZIL_3 = tablet("アリセプトD錠3mg", "ドネペジル塩酸塩口腔内崩壊錠")
DONEPEZIL_5 = tablet("アリセプトD錠5mg", "ドネペジル塩酸塩口腔内崩壊錠")
# -- bones, joints ---------------------------------------------------------------------
ALENDRONATE_35 = tablet(
    "フォサマック錠35mg", "アレンドロン酸ナトリウム水和物錠", "週1回起床時"
)
ELDECALCITOL = capsule("エディロールカプセル0.75μg", "エルデカルシトールカプセル")
DENOSUMAB = injected(
    "プラリア皮下注60mgシリンジ", "デノスマブ（遺伝子組換え）キット",
    "1", "筒", "6か月に1回　皮下注射",
)  # fmt: skip
LOXOPROFEN_TAPE = applied(
    "ロキソニンテープ100mg", "ロキソプロフェンナトリウム水和物テープ",
    "28", "枚", "1日1回　1回1枚　膝に貼付",
)  # fmt: skip
KETOPROFEN_TAPE = applied(
    "モーラステープ20mg", "ケトプロフェンテープ", "28", "枚", "1日1回　1回1枚　腰に貼付"
)
LOXOPROFEN_PAIN = as_needed("ロキソニン錠60mg", "ロキソプロフェンナトリウム水和物錠")
CELECOXIB_100 = tablet("セレコックス錠100mg", "セレコキシブ錠", TWICE, "2")
# -- nose, eyes, skin, lungs -----------------------------------------------------------
FEXOFENADINE_60 = tablet("アレグラ錠60mg", "フェキソフェナジン塩酸塩錠", TWICE, "2")
FEXOFENADINE_30 = tablet("アレグラ錠30mg", "フェキソフェナジン塩酸塩錠", TWICE, "2")
BILASTINE_20 = tablet("ビラノア錠20mg", "ビラスチン錠", "1日1回空腹時")
MOMETASONE = applied(
    "ナゾネックス点鼻液50μg56噴霧用",
    "モメタゾンフランカルボン酸エステル水和物点鼻液",
    "1", "瓶", "1日1回　両鼻腔に各2噴霧",
)  # fmt: skip
OLOPATADINE_EYE = applied(
    "パタノール点眼液0.1%", "オロパタジン塩酸塩点眼液", "5", "mL",
    "1日4回　両眼に1回1滴点眼",
)  # fmt: skip
LATANOPROST = applied(
    "キサラタン点眼液0.005%", "ラタノプロスト点眼液", "2.5", "mL",
    "1日1回　両眼に1回1滴点眼",
)  # fmt: skip
HYALURONATE_EYE = applied(
    "ヒアレイン点眼液0.1%", "精製ヒアルロン酸ナトリウム点眼液", "5", "mL",
    "1日5回　両眼に1回1滴点眼",
)  # fmt: skip
BETAMETHASONE_VG = applied(
    "リンデロン-VG軟膏0.12%", "ベタメタゾン吉草酸エステル・ゲンタマイシン硫酸塩軟膏",
    "5", "g", "1日2回　患部に塗布",
)  # fmt: skip
TACROLIMUS = applied(
    "プロトピック軟膏0.1%", "タクロリムス水和物軟膏", "5", "g", "1日2回　顔に塗布"
)
HEPARINOID = applied(
    "ヒルドイドソフト軟膏0.3%", "ヘパリン類似物質油性クリーム", "50", "g",
    "1日2回　全身に塗布",
)  # fmt: skip
BUDESONIDE_FORMOTEROL = applied(
    "シムビコートタービュヘイラー60吸入",
    "ブデソニド・ホルモテロールフマル酸塩水和物吸入剤",
    "1", "キット", "1日2回　1回1吸入",
)  # fmt: skip
MONTELUKAST_10 = tablet("シングレア錠10mg", "モンテルカストナトリウム錠", BEDTIME)
MONTELUKAST_5 = tablet(
    "シングレアチュアブル錠5mg", "モンテルカストナトリウムチュアブル錠", BEDTIME
)
MONTELUKAST_4 = Dose(
    "シングレア細粒4mg", "モンテルカストナトリウム細粒", "1", "包", BEDTIME
)
# -- urinary tract, women, blood, thyroid ----------------------------------------------
TAMSULOSIN_0_2 = tablet("ハルナールD錠0.2mg", "タムスロシン塩酸塩口腔内崩壊錠")
SILODOSIN_8 = tablet("ユリーフOD錠4mg", "シロドシン口腔内崩壊錠", TWICE, "2")
MIRABEGRON_50 = tablet("ベタニス錠50mg", "ミラベグロン錠")
DIENOGEST_1 = tablet("ディナゲスト錠1mg", "ジエノゲスト錠", TWICE, "2")
RITODRINE_5 = tablet("ウテメリン錠5mg", "リトドリン塩酸塩錠", THRICE, "3")
IRON_50 = tablet("フェロミア錠50mg", "クエン酸第一鉄ナトリウム錠", SUPPER, "2")
LEVOTHYROXINE_50 = tablet(
    "チラーヂンS錠50μg", "レボチロキシンナトリウム錠", "1日1回起床時"
)
# -- for some days ---------------------------------------------------------------------
PARACETAMOL_FEVER = as_needed("カロナール錠500", "アセトアミノフェン錠", FEVER, 5)
PARACETAMOL_300 = as_needed("カロナール錠300", "アセトアミノフェン錠", FEVER, 5)
CARBOCISTEINE_500 = tablet("ムコダイン錠500mg", "L-カルボシステイン錠", THRICE, "3")
DEXTROMETHORPHAN = tablet(
    "メジコン錠15mg", "デキストロメトルファン臭化水素酸塩水和物錠", THRICE, "6"
)
TRANEXAMIC_250 = tablet("トランサミン錠250mg", "トラネキサム酸錠", THRICE, "3")
AMOXICILLIN_250 = capsule(
    "サワシリンカプセル250", "アモキシシリン水和物カプセル", THRICE, "3"
)
LEVOFLOXACIN_500 = tablet("クラビット錠500mg", "レボフロキサシン水和物錠")
OSELTAMIVIR_75 = capsule(
    "タミフルカプセル75", "オセルタミビルリン酸塩カプセル", TWICE, "2"
)
PROBIOTIC = tablet("ミヤBM錠", "酪酸菌錠", THRICE, "3")
CHILD_PARACETAMOL = ByWeight(
    "カロナール細粒20%", "アセトアミノフェン細粒", FEVER, 10, 200, 300,
    Form.AS_NEEDED, 5,
)  # fmt: skip
CHILD_CARBOCISTEINE = ByWeight(
    "ムコダインDS50%", "L-カルボシステインドライシロップ", THRICE, 30, 500, 1500
)
CHILD_TIPEPIDINE = ByWeight(
    "アスベリン散10%", "チペピジンヒベンズ酸塩散", THRICE, 2, 100, 60
)
CHILD_AMOXICILLIN = ByWeight(
    "ワイドシリン細粒20%200", "アモキシシリン水和物細粒", THRICE, 30, 200, 1000
)
CHILD_OSELTAMIVIR = ByWeight(
    "タミフルドライシロップ3%",
    "オセルタミビルリン酸塩ドライシロップ",
    TWICE,
    4,
    30,
    150,
)
CHILD_PROBIOTIC = Dose("ミヤBM細粒", "酪酸菌細粒", "1.5", "g", THRICE)
# -- in hospital -----------------------------------------------------------------------
CEFAZOLIN = injected(
    "セファメジンα注射用1g", "セファゾリンナトリウム水和物注射用", "2", "瓶",
    "1日2回　点滴静脈注射",
)  # fmt: skip
MAINTENANCE_DRIP = injected(
    "ソルデム3A輸液500mL", "維持液（3号液）", "2", "袋", "点滴静脈注射"
)
LOXOPROFEN_THRICE = tablet(
    "ロキソニン錠60mg", "ロキソプロフェンナトリウム水和物錠", THRICE, "3"
)
